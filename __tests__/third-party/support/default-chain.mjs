// The access key that the AWS SDK for JavaScript finds by its default chain, on one line.
import { defaultProvider } from '@aws-sdk/credential-provider-node';

const { accessKeyId } = await defaultProvider()();
console.log(accessKeyId);

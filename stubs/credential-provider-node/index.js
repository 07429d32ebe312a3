// Every AWS client here is given its credentials as an argument; the SDK's default chain must never run.
const refuse = () => async () => {
  throw new Error('the default credential chain is not part of this bundle; pass credentials to the client');
};
module.exports = { defaultProvider: refuse };

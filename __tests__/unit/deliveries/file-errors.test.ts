import { describe, expect, test } from '@jest/globals';
import { CredentialError } from '../../../src/contract/errors.ts';
import { deliveryError, profileFileError } from '../../../src/deliveries/file-errors.ts';

const failed = (code: string) => Object.assign(new Error(`${code}: why`), { code });

describe('what to do about a profile file fits what went wrong', () => {
  test.each([
    ['ENOSPC', /^Make room on the disk/],
    ['EDQUOT', /^Make room on the disk/],
    ['EACCES', /^Let this user own and write the file/],
    ['EPERM', /^Let this user own and write the file/],
    ['EROFS', /^Let this user own and write the file/],
    ['ELOOP', /^Put a regular file in its place/],
    ['EISDIR', /^Move away what is in the place/],
    ['ENOTDIR', /^Move away what is in the place/],
    ['EFBIG', /kilobytes of UTF-8/],
    ['EILSEQ', /kilobytes of UTF-8/],
    ['EBUSY', /^Run the job again when no other job/],
    ['EIO', /^Check the disk, the file and its folder/],
  ])('%s', (code, hint) => {
    const error = profileFileError('/home/me/.aws/config', failed(code));
    expect(error).toMatchObject({
      code: 'DELIVERY_FAILED',
      message: `The profile file /home/me/.aws/config cannot be written: ${code}: why`,
      hint: expect.stringMatching(hint),
    });
    if (!/^(ENOSPC|EDQUOT|EIO)$/.test(code)) expect(error.hint).not.toMatch(/disk/);
  });

  test('an error of ours keeps its words', () => {
    const ours = new CredentialError('INPUT_INVALID', 'a', { hint: 'b' });
    expect(profileFileError('/x', ours)).toBe(ours);
    expect(profileFileError('/x', 'a text')).toMatchObject({ message: expect.stringContaining(': a text') });
  });
});

describe('what to do where something cannot be handed to the job', () => {
  test.each([
    [failed('ENOSPC'), /^Make room on the disk of the runner/],
    [failed('EACCES'), /^Let the user that the step runs as write the command files/],
    [new Error('Missing file at path: /x'), /^Check that the command files of the runner/],
    [new TypeError('x is not a function'), /debug logging\.$/],
    [new CredentialError('INPUT_INVALID', 'a', { hint: 'its own' }), /^its own$/],
  ])('%s', (error, hint) => {
    expect(deliveryError('It could not be done', error)).toMatchObject({
      code: 'DELIVERY_FAILED',
      message: `It could not be done: ${error.message}`,
      hint: expect.stringMatching(hint),
      cause: error,
    });
  });
});

import { X509Certificate } from 'node:crypto';
import { CredentialError } from '../../contract/errors.ts';
import { readRegularFile } from '../machine/files.ts';

/** All the certificates that a system trusts, each with its text, are a megabyte or two. */
const sizeLimit = 16_777_216;

/** The certificates, in PEM, of the file that AWS_CA_BUNDLE names. Throws INPUT_INVALID where it cannot be read or holds none. */
export function readCertificates(file: string): readonly string[] {
  const blocks = read(file).match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw refused(`${file}, which holds no certificate`);
  const damaged = blocks.findIndex((block) => !isCertificate(block));
  if (damaged >= 0) throw refused(`${file}, whose certificate ${damaged + 1} of ${blocks.length} is damaged`);
  return blocks;
}

function read(file: string): string {
  try {
    return readRegularFile(file, 'followed', sizeLimit).toString('utf8');
  } catch (error) {
    throw refused(`${file}, which cannot be read`, error);
  }
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).subject !== undefined;
  } catch {
    return false;
  }
}

function refused(problem: string, cause?: unknown): CredentialError {
  return new CredentialError('INPUT_INVALID', `AWS_CA_BUNDLE names ${problem}`, {
    hint: 'Give it the path of a file of certificates in PEM, or leave it out.',
    cause,
  });
}

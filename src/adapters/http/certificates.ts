import { X509Certificate } from 'node:crypto';
import { CredentialError } from '../../contract/errors.ts';
import { readRegularFile } from '../machine/files.ts';

/** In bytes; all certificates that a system trusts are one or two MiB. */
const sizeLimit = 16_777_216;

/** The certificates, in PEM, of the file that AWS_CA_BUNDLE names. Throws INPUT_INVALID if it cannot be read or contains none. */
export function readCertificates(file: string): readonly string[] {
  const blocks = read(file).match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw refused(`${file}, which contains no certificate`);
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
    hint: 'Set it to the path of a file of PEM certificates, or unset it.',
    cause,
  });
}

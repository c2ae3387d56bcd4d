import { readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MOUNTED_SECRETS = /^(\/var)?\/run\/secrets(\/|$)/;
const OTHERS_READ = 0o004;
const OTHERS_WRITE = 0o002;
const OTHERS_PASS = 0o001;

/** Production is where `TENANTRY_ENV` is exactly this. What is unsafe is refused there, and reported by doctor elsewhere. */
export function isProduction(values: Readonly<Record<string, unknown>>): boolean {
  return values['TENANTRY_ENV'] === 'production';
}

/** Why an address is unsafe; undefined for https, and for this machine, where nobody listens in between. */
export function unencryptedProblem(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'http:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return undefined;
  return 'is not encrypted; give an https:// address';
}

/**
 * Why a file with secrets is unsafe: every user of this machine can read or change it. Undefined when only its owner and
 * its group can, when nobody else can reach it, or when it is mounted into a container below `/run/secrets`.
 */
export function looseFileProblem(path: string): string | undefined {
  if (!isOpenToOthers(path, OTHERS_READ | OTHERS_WRITE)) return undefined;
  return `every user of this machine can read or change the file ${path}; run "chmod 600 ${path}"`;
}

/** Why a folder of secrets is unsafe: every user of this machine can put files into it. */
export function looseFolderProblem(path: string): string | undefined {
  if (!isOpenToOthers(path, OTHERS_WRITE)) return undefined;
  return `every user of this machine can put files into the folder ${path}; run "chmod 700 ${path}"`;
}

/** The same for a folder of secrets and each file in it. */
export function looseInFolder(folder: string): string[] {
  return [looseFolderProblem(folder), ...filesIn(folder).map((file) => looseFileProblem(join(folder, file)))].filter(
    (problem) => problem !== undefined,
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** False for what does not exist. Windows has no such rights. */
function isOpenToOthers(path: string, rights: number): boolean {
  if (process.platform === 'win32' || MOUNTED_SECRETS.test(path)) return false;
  try {
    const real = realpathSync(path);
    return has(real, rights) && foldersAbove(real).every((folder) => has(folder, OTHERS_PASS));
  } catch {
    return false;
  }
}

function has(path: string, rights: number): boolean {
  return (statSync(path).mode & rights) !== 0;
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

import { jest } from '@jest/globals';
import { execute } from '../../client/cli/execute.js';
import { cleanEnvironment, emptyFolder, type Ended } from './command.js';

/** Runs the command line inside this process, which is faster than a new one. For commands that end by themselves. */
export async function tenantryHere(args: readonly string[], variables: Record<string, string> = {}): Promise<Ended> {
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  const before = { folder: process.cwd(), environment: process.env };
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((chunk) => {
      ended[name] += String(chunk);
      return true;
    }),
  );
  process.chdir(emptyFolder);
  process.env = cleanEnvironment(variables);
  try {
    ended.code = await execute(args);
  } finally {
    process.env = before.environment;
    process.chdir(before.folder);
    for (const stream of streams) stream.mockRestore();
  }
  return ended;
}

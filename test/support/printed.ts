import { jest } from '@jest/globals';

/** What a function prints until it resolves, and what it gives. */
export async function printedBy<T>(act: () => Promise<T>): Promise<{ result: T; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((chunk) => {
      said[name] += String(chunk);
      return true;
    }),
  );
  try {
    return { result: await act(), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

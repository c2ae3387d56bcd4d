import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { TenantryError } from '../../contract/errors.js';
import { print } from './output.js';

/** Asks a person at the terminal. Refused when they leave by Ctrl-C or Ctrl-D. */
export async function ask(question: string): Promise<string> {
  return (await answer(question, process.stderr)).trim();
}

/** The same for a secret: what is typed is not shown. */
export async function askWithoutEcho(question: string): Promise<string> {
  print(process.stderr, question, '');
  try {
    return await answer('', new Writable({ write: (_chunk, _encoding, done) => done() }));
  } finally {
    print(process.stderr, '');
  }
}

async function answer(question: string, output: NodeJS.WritableStream): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const left = new Promise<never>((_resolve, reject) => {
    const leave = () => reject(new TenantryError('refused', 'Nothing was changed: the question has no answer.'));
    terminal.once('SIGINT', leave).once('close', leave);
  });
  try {
    return await Promise.race([terminal.question(question), left]);
  } finally {
    terminal.close();
  }
}

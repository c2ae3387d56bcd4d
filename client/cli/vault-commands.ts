import type { Command } from 'commander';
import { codec } from './codec.js';
import { asJson, examples, port, type Ending } from './describe.js';
import { listSecrets, putSecret, removeSecret, resealSecrets } from './secret.js';

/** The commands about what is kept secret. */
export function addVault(top: Command, ending: Ending): void {
  const secret = top.command('secret').description('keep secrets that inputs refer to as store:NAME');
  examples(secret, 'secret put customer-inc-password', 'secret list');
  examples(
    secret
      .command('put <name>')
      .description('store a secret, read from the terminal or from standard input')
      .option(...asJson)
      .action(ending(putSecret)),
    'secret put customer-inc-password',
    'secret put customer-inc-password < password.txt',
  );
  const list = secret.command('list').description('the names of the stored secrets');
  examples(list.option(...asJson).action(ending(listSecrets)), 'secret list');
  const remove = secret.command('remove <name>').description('forget a stored secret');
  examples(remove.option(...asJson).action(ending(removeSecret)), 'secret remove customer-inc-password');
  const reseal = secret.command('reseal').description('encrypt every stored secret with the first of the keys');
  examples(reseal.option(...asJson).action(ending(resealSecrets)), 'secret reseal');
  examples(
    top
      .command('codec')
      .description("decrypt for Temporal's UI and command line; the first line says where")
      .option('--port <n>', 'port; a free one by default', port)
      .option('--host <address>', 'address to listen on; 127.0.0.1 by default: who reaches it can read every run')
      .option('--ui-origin <origin...>', 'web UIs that may ask; port 8233 of this machine by default')
      .action(ending(codec)),
    'codec --port 8234',
  );
}

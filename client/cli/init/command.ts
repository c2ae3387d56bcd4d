import type { CliCommand, JsonOption } from '../command.js';
import { questions } from './questions.js';

export interface InitOptions extends JsonOption {
  replace?: boolean;
  [option: string]: unknown;
}

/** The command that writes `.env`. */
export function addInit(top: CliCommand): void {
  const init = top
    .command('init')
    .description('ask what production needs, and write it into .env of this folder, which only you can read');
  for (const { option, text, usual, isSecret } of questions)
    init.option(
      `${option} ${isSecret ? '<file>' : '<text>'}`,
      `${isSecret ? 'file, or - for standard input: ' : ''}${text}${usual === undefined ? '' : `; usually ${usual}`}`,
    );
  init
    .option('--replace', 'write also if there is a .env; what it sets besides stays, and so does its encryption key')
    .json()
    .withoutSettingsWarning()
    .handler(async (options: InitOptions) => await (await import('./run.js')).initialise(options))
    .exitCodes('0 written, 2 refused; nothing was changed')
    .examples(
      'init',
      'init --base-url https://eu2-cloud.acronis.com --client-id 5e0f4b2a-… --client-secret-file secret.txt',
    );
}

import type { Command } from 'commander';
import type { Choice, GraceChoice } from '../../contract/decisions.js';
import { decideBy } from './decide.js';
import { asJson, examples, type Ending } from './describe.js';
import { input } from './look.js';

const does: Record<Choice, string> = {
  retry: 'try the blocked step of a run again',
  amend: 'go on with another input; what is done stays done',
  skip: 'do without the blocked step, where later steps do not need it',
  abort: 'give up a blocked run and remove what it made',
};

/** The commands by which a person decides for a blocked run. */
export function addDecisions(top: Command, ending: Ending): void {
  examples(
    top
      .command('input <id>')
      .description('the input that a run goes by now, to be edited and given to amend')
      .action(ending(input)),
    'input provisionCustomer:customer-inc > order.json',
  );
  for (const choice of Object.keys(does) as Choice[]) {
    const command = top
      .command(`${choice} <id>`)
      .description(does[choice])
      .requiredOption('--reason <text>', 'why; kept in the status and in the history')
      .option('--actor <name>', 'who decides; the name of your account by default')
      .option('--no-wait', 'return as soon as the decision is taken')
      .option(...asJson);
    const file = choice === 'amend' ? ' --input order.json' : '';
    if (choice === 'amend') command.requiredOption('--input <file>', 'JSON file with the whole new input, or -');
    command.addHelpText('after', '\nExit codes: as of "tenantry run"; 2 also when the decision makes no sense now');
    command.action(ending(async (id: string, options) => await decideBy(choice, id, options)));
    examples(command, `${choice} provisionCustomer:customer-inc${file} --reason "agreed with the customer"`);
  }
}

const duringGrace: Record<GraceChoice, [command: string, does: string]> = {
  extendGrace: ['extend-grace', 'let the grace of an offboarding end later'],
  hold: ['hold', 'let an offboarding do nothing until "release"'],
  release: ['release', 'let the grace of an offboarding go on'],
  restore: ['restore', 'take an offboarding back: the tenant is enabled again'],
};

/** The commands by which a person decides for an offboarding while its grace runs. */
export function addGraceDecisions(top: Command, ending: Ending): void {
  for (const choice of Object.keys(duringGrace) as GraceChoice[]) {
    const [name, does] = duringGrace[choice];
    const command = top
      .command(`${name} <id>`)
      .description(does)
      .requiredOption('--reason <text>', 'why; kept in the status and in the history')
      .option('--actor <name>', 'who decides; the name of your account by default')
      .option(...asJson);
    const by = choice === 'extendGrace' ? ' --by "10 days"' : '';
    if (choice === 'extendGrace') command.requiredOption('--by <duration>', 'how much later, in words');
    // the grace may last for months: nobody waits for its end here
    command.action(ending(async (id: string, options) => await decideBy(choice, id, { ...options, wait: false })));
    examples(command, `${name} offboardCustomer:customer-inc${by} --reason "agreed with the customer"`);
  }
}

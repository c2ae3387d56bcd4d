import { version } from '../../settings/version.js';
import { CliCommand, styleOptions } from './command.js';
import { print } from './output.js';
import { addOverview } from './overview-of-commands.js';

/** Commands of one module, which is loaded when one of them runs, or when the help shows all. */
interface CommandGroup {
  commands: readonly string[];
  load(this: void): Promise<(top: CliCommand) => void>;
}

/** In the order of the help. */
export const commandGroups: readonly CommandGroup[] = [
  { commands: ['up'], load: async () => (await import('./up/command.js')).addUp },
  { commands: ['run', 'schema', 'operations'], load: async () => (await import('./operations.js')).addOperations },
  { commands: ['plan'], load: async () => (await import('./plan.js')).addPlan },
  {
    commands: ['status', 'list', 'customer', 'customers', 'watch'],
    load: async () => (await import('./runs.js')).addRuns,
  },
  { commands: ['onboarding'], load: async () => (await import('./onboarding.js')).addOnboarding },
  { commands: ['cancel'], load: async () => (await import('./decisions.js')).addCancel },
  {
    commands: ['input', 'retry', 'amend', 'skip', 'abort'],
    load: async () => (await import('./decisions.js')).addDecisions,
  },
  {
    commands: ['extend-grace', 'hold', 'release', 'restore'],
    load: async () => (await import('./decisions.js')).addGraceDecisions,
  },
  { commands: ['brake'], load: async () => (await import('./brake.js')).addBrake },
  { commands: ['calendar', 'reconcile', 'changes'], load: async () => (await import('./overviews.js')).addOverviews },
  { commands: ['rollout'], load: async () => (await import('./rollout.js')).addRollout },
  { commands: ['show'], load: async () => (await import('./show/commands.js')).addShow },
  { commands: ['engine', 'setup', 'worker'], load: async () => (await import('./services.js')).addServices },
  { commands: ['init'], load: async () => (await import('./init/command.js')).addInit },
  { commands: ['doctor'], load: async () => (await import('./doctor/command.js')).addDoctor },
  { commands: ['simulator', 'codec'], load: async () => (await import('./services.js')).addServers },
  { commands: ['gateway'], load: async () => (await import('./gateway.js')).addGateway },
  { commands: ['key'], load: async () => (await import('./key.js')).addKeys },
  { commands: ['audit'], load: async () => (await import('./audit.js')).addAudit },
  { commands: ['secret'], load: async () => (await import('./secret.js')).addSecrets },
  { commands: ['sources', 'event'], load: async () => (await import('./events.js')).addEvents },
  { commands: ['plans'], load: async () => (await import('./plans.js')).addPlans },
  { commands: ['notices'], load: async () => (await import('./notices.js')).addNotices },
  { commands: ['adopt'], load: async () => (await import('./adopt.js')).addAdopt },
  { commands: ['import'], load: async () => (await import('./import/command.js')).addImport },
  { commands: ['completion'], load: loadCompletion },
];

async function loadCompletion(): Promise<(top: CliCommand) => void> {
  const { addCompletion } = await import('./completion/command.js');
  return (top) => addCompletion(top, async () => await program(() => undefined));
}

interface ProgramOptions {
  /** The command line; without it every command is loaded. Where none of them will run, none is loaded. */
  args?: readonly string[];
  /** Refused usage prints nothing. */
  quiet?: boolean;
}

/** The program with the commands that these arguments need. `end` gets the exit code of the command that ran. */
export async function program(
  end: (code: number) => void,
  { args, quiet = false }: ProgramOptions = {},
): Promise<CliCommand> {
  const top = new CliCommand('tenantry', end)
    .version(
      version(),
      '-V, --version',
      'output the version number; with --verbose those of Node, Temporal and the engine',
    )
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(process.stdout, text, ''),
      writeErr: (text) => (quiet ? undefined : print(process.stderr, text, '')),
    })
    .showHelpAfterError('(see --help)')
    .description(
      'Turns a billing or CRM event into a working, protected Acronis Cyber Protect Cloud customer, durably.',
    )
    .examples('operations', 'run provisionCustomer --input examples/provisionCustomer.json', 'list --state blocked');
  for (const option of styleOptions()) top.addOption(option);
  if (args !== undefined && runsNone(args) && addOverview(top)) return top;
  for (const { load } of groupsFor(args ?? [])) (await load())(top);
  return top;
}

/** Help of the whole program, its version, and commands that there are not. */
function runsNone(args: readonly string[]): boolean {
  return !args.some((word) => word === 'help' || commandGroups.some(({ commands }) => commands.includes(word)));
}

function groupsFor([first = '']: readonly string[]): readonly CommandGroup[] {
  if (['-V', '--version'].includes(first)) return [];
  const group = commandGroups.find(({ commands }) => commands.includes(first));
  return group === undefined ? commandGroups : [group];
}

import { Command } from 'commander';
import { operationStates } from '../../contract/status.js';
import { customer } from './customer.js';
import { cancel } from './cancel.js';
import { addDecisions, addGraceDecisions } from './decision-commands.js';
import { asJson, days, examples, port, wholeNumber, type Ending } from './describe.js';
import { doctor } from './doctor/command.js';
import { list, operations, schema, status } from './look.js';
import { report } from './output.js';
import { addPlan } from './plan.js';
import { run } from './run.js';
import { engine, setup, simulator, worker } from './services.js';
import { addShow } from './show/commands.js';
import { addVault } from './vault-commands.js';
import { version } from '../../settings/version.js';
import { watch } from './watch.js';

/** The whole program; `end` gets the exit code of the command that ran. */
export function program(end: (code: number) => void): Command {
  const ending =
    <A extends unknown[]>(act: (...args: A) => number | Promise<number>) =>
    async (...args: A) => {
      const options = args.find(
        (one): one is A[number] & { json?: boolean } => typeof one === 'object' && one !== null,
      );
      end(
        await Promise.resolve()
          .then(() => act(...args))
          .catch((error: unknown) => report(error, options?.json === true)),
      );
    };
  const top = new Command('tenantry').version(version()).exitOverride().showHelpAfterError('(see --help)');
  top.description(
    'Turns a billing or CRM event into a working, protected Acronis Cyber Protect Cloud customer, durably.',
  );
  examples(top, 'operations', 'run provisionCustomer --input examples/provisionCustomer.json', 'list --state blocked');
  addOperations(top, ending);
  addPlan(top, ending);
  addDecisions(top, ending);
  addGraceDecisions(top, ending);
  addShow(top, ending);
  addServices(top, ending);
  addVault(top, ending);
  return top;
}

function addOperations(top: Command, ending: Ending): void {
  examples(
    top
      .command('run <operation>')
      .description('start an operation and show its progress')
      .requiredOption('--input <file>', 'JSON file with the input, or - for standard input')
      .option('--id <id>', 'workflow id, instead of the one made from the business key')
      .option('--plan <hash>', 'refuse unless it would do just what "tenantry plan" has shown')
      .option('--no-wait', 'return as soon as it is started')
      .option(...asJson)
      .addHelpText(
        'after',
        '\nExit codes: 0 done, 1 unreachable or internal (also a port in use), 2 input or usage refused (also an order that differs from a finished one), 3 undone or failed, 4 blocked, 5 cancelled',
      )
      .action(ending(run)),
    'run provisionCustomer --input examples/provisionCustomer.json',
    'run provisionCustomer --input - --no-wait --json < order.json',
  );
  examples(
    top
      .command('status <id>')
      .description('what is going on in a run, or how it ended')
      .option(...asJson)
      .addHelpText(
        'after',
        '\nExit codes: 0 told, however the run is; 1 Temporal or its worker does not answer; 2 there is no such run, or its key is not here',
      )
      .action(ending(status)),
    'status provisionCustomer:customer-inc',
  );
  examples(
    top
      .command('list')
      .description('the runs there are')
      .option('--state <state>', `only runs that are ${operationStates.join(', ')}`)
      .option('--customer <id>', 'all runs of one customer: its tenant id, external reference, business key or name')
      .option(...asJson)
      .addHelpText(
        'after',
        '\nExit codes: 0 listed, also when there are none; 1 Temporal does not answer; 2 usage refused',
      )
      .action(ending(list)),
    'list --state blocked',
    'list --customer customer-inc --json',
  );
  examples(
    top
      .command('customer <customer>')
      .description('the whole story of one customer: its runs in order, what goes on, and what comes next')
      .option('--cloud <name>', 'the cloud that is asked how it is; the default one unless given')
      .option(...asJson)
      .addHelpText(
        'after',
        '\nA customer is named by its tenant id, its name, your customer id, external reference or business key.',
      )
      .action(ending(customer)),
    'customer "Customer, Inc"',
    'customer customer-inc --json',
  );
  examples(
    top
      .command('watch [id]')
      .description('see one run, or all of them, live')
      .option(...asJson)
      .action(ending(watch)),
    'watch',
    'watch provisionCustomer:customer-inc',
  );
  examples(
    top
      .command('cancel <id>')
      .description('stop a running operation and remove what it made')
      .requiredOption('--reason <text>', 'why; kept in the status and in the history')
      .option('--actor <name>', 'who cancels; the name of your account by default')
      .option(...asJson)
      .addHelpText(
        'after',
        '\nExit codes: 0 it is being cancelled ("tenantry status" tells how that ends); 1 Temporal does not answer; 2 there is no such run, it has ended, or its key is not here',
      )
      .action(ending(cancel)),
    'cancel provisionCustomer:customer-inc --reason "order withdrawn"',
  );
  examples(
    top.command('schema <operation>').description('JSON Schema and an example of an input').action(ending(schema)),
    'schema provisionCustomer',
  );
  examples(
    top
      .command('operations')
      .description('the operations there are')
      .option(...asJson)
      .action(ending(operations)),
    'operations',
  );
}

function addServices(top: Command, ending: Ending): void {
  examples(
    top
      .command('engine')
      .description('run the embedded Temporal; the first line says where it is')
      .option('--port <n>', 'port of gRPC; a free one by default', port)
      .option('--ui-port <n>', 'port of the web UI; a free one by default', port)
      .option('--db <file>', 'database file that survives restarts; its folder must be there')
      .option('--codec <url>', 'codec server that the web UI asks, as "tenantry codec" runs one')
      .action(ending(engine)),
    'engine --port 7233 --ui-port 8233 --db tenantry.db',
  );
  examples(
    top
      .command('setup')
      .description('make namespace and search attributes on any Temporal service; repeatable')
      .option('--retention <days>', 'days for which a finished run answers; at least 30 unless given', days)
      .option(...asJson)
      .action(ending(setup)),
    'setup --retention 60',
  );
  examples(
    top
      .command('worker')
      .description('run the workers until told to stop; SIGTERM drains')
      .option('--port <n>', 'serve /healthz, /readyz and /metrics there; 0 for a free one', port)
      .action(ending(worker)),
    'worker --port 9464',
  );
  examples(
    top
      .command('doctor')
      .description('check connection, namespace, search attributes, workers, credentials, rights and clock')
      .option(...asJson)
      .action(ending(doctor)),
    'doctor',
    'doctor --json',
  );
  examples(
    top
      .command('simulator')
      .description("run an imitation of the vendor's API; the first line says how to reach it")
      .option('--port <n>', 'port; a free one by default', port)
      .option('--host <address>', 'address to listen on; 127.0.0.1 by default')
      .option('--fixture <file>', 'JSON file that changes the world at the start')
      .option('--strict', "refuse what the vendor's schemas forbid, which its platform tolerates")
      .option(
        '--untidy <seed>',
        'as untidy as real clouds and their gateways are; the same seed gives the same',
        wholeNumber,
      )
      .action(ending(simulator)),
    'simulator --port 8080',
  );
}

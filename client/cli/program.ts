import { version } from '../../settings/version.js';
import { addAdopt } from './adopt.js';
import { addAudit } from './audit.js';
import { addBrake } from './brake.js';
import { CliCommand } from './command.js';
import { addCancel, addDecisions, addGraceDecisions } from './decisions.js';
import { addEvents } from './events.js';
import { addGateway } from './gateway.js';
import { addDoctor } from './doctor/command.js';
import { addNotices } from './notices.js';
import { addOperations } from './operations.js';
import { addOverviews } from './overviews.js';
import { addPlan } from './plan.js';
import { addPlans } from './plans.js';
import { print } from './output.js';
import { addRollout } from './rollout.js';
import { addRuns } from './runs.js';
import { addKeys } from './key.js';
import { addSecrets } from './secret.js';
import { addServers, addServices } from './services.js';
import { addShow } from './show/commands.js';

/** The whole program; `end` gets the exit code of the command that ran. If `quiet`, refused usage prints nothing. */
export function program(end: (code: number) => void, { quiet = false } = {}): CliCommand {
  const top = new CliCommand('tenantry', end)
    .version(version())
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
  addOperations(top);
  addPlan(top);
  addRuns(top);
  addCancel(top);
  addDecisions(top);
  addGraceDecisions(top);
  addBrake(top);
  addOverviews(top);
  addRollout(top);
  addShow(top);
  addServices(top);
  addDoctor(top);
  addServers(top);
  addGateway(top);
  addKeys(top);
  addAudit(top);
  addSecrets(top);
  addEvents(top);
  addPlans(top);
  addNotices(top);
  addAdopt(top);
  return top;
}

import { Option } from 'commander';
import { severities } from '../../../acronis/index.js';
import * as lookups from '../../../lookups/index.js';
import { sinceOption, type CommandFor } from './lookup-command.js';

const LIMIT = 1000;
const states = ['enqueued', 'assigned', 'started', 'paused', 'completed'];
const results = ['ok', 'error', 'warning', 'cancelled', 'abandoned', 'timedout'];

const ofTasks = (): Option[] => [
  sinceOption(),
  new Option('--state <state>', 'only in this state').choices(states),
  new Option('--result <result>', 'only with this result').choices(results),
  new Option('--type <type>', 'only of this type, e.g. backup_machine'),
];

export const tasks: CommandFor<typeof lookups.tasks> = {
  command: 'tasks',
  summary: 'the work of agents and cloud; the last week by default',
  lookup: lookups.tasks,
  columns: ['type', 'state', 'result', 'resource', 'plan', 'tenant', 'startedAt', 'completedAt', 'id'],
  options: ofTasks(),
  examples: ['tasks --tenant customer-inc --result error', 'tasks --since "2 hours"'],
  limit: LIMIT,
};

export const activities: CommandFor<typeof lookups.activities> = {
  command: 'activities',
  summary: 'the parts of tasks; of the last week by default',
  lookup: lookups.activities,
  columns: ['type', 'state', 'result', 'resource', 'plan', 'tenant', 'startedAt', 'completedAt', 'id', 'taskId'],
  options: ofTasks(),
  examples: ['activities --tenant customer-inc --state started', 'activities --since 2024-07-01 --csv'],
  limit: LIMIT,
};

export const alerts: CommandFor<typeof lookups.alerts> = {
  command: 'alerts',
  summary: 'alerts, newest first; the last week by default',
  lookup: lookups.alerts,
  columns: ['severity', 'type', 'resource', 'plan', 'tenantNumber', 'createdAt', 'id'],
  options: [
    sinceOption(),
    new Option('--severity <severity>', 'only of this severity and above').choices(severities),
    new Option('--type <type>', 'only of this type'),
    new Option('--category <category>', 'only of this category'),
    new Option('--name <part>', 'only about plans or resources whose name contains this'),
    new Option('--dismissed', 'also those that were dismissed'),
    new Option('--paged', 'one page of --limit rows, and how to get the pages before and after it'),
    new Option('--before <place>', 'the page before this place').implies({ paged: true }),
    new Option('--after <place>', 'the page after this place').implies({ paged: true }).conflicts('before'),
  ],
  examples: ['alerts --severity error', 'alerts --tenant customer-inc --since "30 days" --paged --limit 50'],
  limit: LIMIT,
  page: lookups.alertsPage,
};

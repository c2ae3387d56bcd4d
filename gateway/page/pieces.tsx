import type { ComponentChildren, VNode } from 'preact';
import type { CustomerState } from '../../contract/customers.js';
import type { OperationState } from '../../contract/status.js';
import { inWords, pathOfRun } from './words.js';

const ISO = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A moment. Without the script it is shown in UTC, with it in the reader's own time. */
export function Time({ at }: { at: string }): VNode {
  return <time dateTime={at}>{`${at.slice(0, 10)} ${at.slice(11, 16)} UTC`}</time>;
}

/** A text of the contract, with its moments as people read them. */
export function Text({ of }: { of: string }): VNode {
  return <>{of.split(ISO).map((part, at) => (at % 2 === 1 ? <Time key={at} at={part} /> : part))}</>;
}

const tones: Readonly<Record<string, string>> = {
  blocked: 'danger',
  failed: 'danger',
  undone: 'calm',
  cancelled: 'calm',
  completed: 'good',
  running: 'busy',
  undoing: 'warn',
  waiting: 'warn',
  converging: 'busy',
  steady: 'good',
  suspended: 'warn',
  ending: 'warn',
  ended: 'calm',
  paused: 'warn',
  observed: 'calm',
} satisfies Record<OperationState | CustomerState, string>;

export function State({ of }: { of: string }): VNode {
  return <span class={`state ${tones[of] ?? 'calm'}`}>{of}</span>;
}

type Tone = 'danger' | 'warn' | 'calm' | 'good';

interface NoticeProps {
  tone: Tone;
  title: string;
  alert?: boolean;
  level?: 'h1' | 'h2';
  children?: ComponentChildren;
}

/** Something that a person must notice. */
export function Notice(props: NoticeProps): VNode {
  const { level: Heading = 'h2' } = props;
  return (
    <section class={`notice ${props.tone}`} {...(props.alert && { role: 'alert' })}>
      <Heading>{props.title}</Heading>
      {props.children}
    </section>
  );
}

export interface RunLine {
  id: string;
  operation: string;
  /** What people call what it is about. */
  subject: string;
  state: string;
  /** What the line says beside the name. */
  about?: string | undefined;
  /** The word before the moment, and the moment. */
  since: readonly [word: string, at: string];
}

interface HeadProps {
  /** The address of the screen above, and its name. */
  back: readonly [path: string, name: string];
  /** What kind of thing it is. */
  kind: string;
  title: string;
  state: string;
  /** The state in one sentence, for those who hear the screen. */
  headline: string;
}

/** The top of the screen of one thing. */
export function Head({ back: [path, name], kind, title, state, headline }: HeadProps): VNode {
  return (
    <>
      <p class="back">
        <a href={path}>← {name}</a>
      </p>
      <header class="head">
        <div>
          <p class="quiet">{kind}</p>
          <h1>{title}</h1>
        </div>
        <State of={state} />
      </header>
      <p class="hidden" role="status">
        {headline}
      </p>
    </>
  );
}

/** Runs, one a line; each is a link. */
export function Runs({ of }: { of: readonly RunLine[] }): VNode {
  return (
    <ul class="runs">
      {of.map((run) => (
        <li key={run.id}>
          <a href={pathOfRun(run.id)}>
            <span class="name">
              <strong>{run.subject}</strong> <span class="quiet">{inWords(run.operation)}</span>
            </span>
            {run.about !== undefined && <span class="about">{run.about}</span>}
            <span class="when quiet">
              {run.since[0]} <Time at={run.since[1]} />
            </span>
            <State of={run.state} />
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Hidden({ token }: { token: string }): VNode {
  return <input type="hidden" name={TOKEN_FIELD} value={token} />;
}

/** The field in which every form sends the token of its session. */
export const TOKEN_FIELD = 'formToken';

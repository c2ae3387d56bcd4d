import type { VNode } from 'preact';
import type { SourceHealth } from '../../client/overview/source-health.js';
import { sendsWords, sourceTextsOf } from '../../client/overview/words.js';
import { AllWell, sentence } from './overview-pieces.js';
import { Text } from './pieces.js';

const order = ['no', 'unknown', 'yes'] as const satisfies readonly SourceHealth['sends'][];
const signs: Readonly<Record<SourceHealth['sends'], readonly [tone: string, word: string]>> = {
  no: ['danger', 'silent'],
  unknown: ['calm', 'not known'],
  yes: ['good', 'sends'],
};

/** How each source is: those that do not send come first. */
export function SourcesView({ items }: { items: readonly SourceHealth[] }): VNode {
  if (items.length === 0)
    return (
      <AllWell title="No sources yet">
        A billing or CRM system is a source once it is in <code>sources.json</code>, and <code>TENANTRY_SOURCES</code>{' '}
        says where that file is.
      </AllWell>
    );
  return (
    <ul class="sources">
      {items
        .toSorted((one, other) => order.indexOf(one.sends) - order.indexOf(other.sends))
        .map((source) => (
          <li key={source.name} class="card">
            <Source of={source} />
          </li>
        ))}
    </ul>
  );
}

function Source({ of: source }: { of: SourceHealth }): VNode {
  const { name, kind, act, mode, sends, sendsWhy, silence } = source;
  const { heard, signed, listed } = sourceTextsOf(source);
  const [tone, word] = signs[sends];
  return (
    <>
      <header class="head">
        <div>
          <h2>{name}</h2>
          <p class="quiet small">
            {kind} · {mode} · {act === 'observe' ? 'observe: nothing is done for its new customers' : act}
          </p>
        </div>
        <span class={`state ${tone}`}>{word}</span>
      </header>
      <p class={silence?.isUnusual === true ? 'problem' : ''}>
        {sentence(sendsWords[sends])}: {sendsWhy}.
      </p>
      <ul class="lines small">
        {[...heard, ...signed, ...listed].map((line) => (
          <li key={line}>
            <Text of={sentence(line)} />
          </li>
        ))}
      </ul>
    </>
  );
}

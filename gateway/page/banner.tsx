import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { BrakeStatus } from '../../contract/brake.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { Time } from './pieces.js';
import type { Standing } from './standings.js';
import { pathOfBrake } from './words.js';

/** What stands above every screen: that the brake is engaged, and whom nothing is done for. Nothing where all is as usual. */
export function Banner({ standing }: { standing: Standing | undefined }): VNode | null {
  if (standing === undefined) return null;
  const { engaged, silent, observed, observing } = standing;
  return (
    <>
      {engaged.map((brake) => (
        <Engaged key={brake.cloud} brake={brake} />
      ))}
      {silent.length > 0 && (
        <p class="banner calm">
          <b>Is the brake engaged?</b>{' '}
          <span>
            Nobody knows at the moment: no worker answers
            {silent.join() === DEFAULT_CLOUD ? '' : ` for ${silent.join(', ')}`}.
          </span>
        </p>
      )}
      {(observed > 0 || observing.length > 0) && <Observing observed={observed} observing={observing} />}
    </>
  );
}

/** The same as text, for a stream. */
export function bannerText(standing: Standing | undefined): string {
  return renderToString(<Banner standing={standing} />);
}

function Engaged({ brake: { cloud, engaged, waiting, moreWait } }: { brake: BrakeStatus }): VNode | null {
  if (engaged === undefined) return null;
  const count = `${moreWait ? 'more than ' : ''}${waiting.length}`;
  return (
    <p class="banner danger">
      <b>The brake{cloud === DEFAULT_CLOUD ? '' : ` of ${cloud}`} is engaged</b>{' '}
      <span>
        since <Time at={engaged.since} />: nothing is taken from a customer until a person releases it.
      </span>{' '}
      <a href={pathOfBrake(cloud)}>{waiting.length === 0 ? 'Nothing waits yet' : `${count} wait: look and decide`}</a>
    </p>
  );
}

function Observing({ observed, observing }: Pick<Standing, 'observed' | 'observing'>): VNode {
  const some = observed === 1 ? '1 customer' : `${observed} customers`;
  return (
    <p class="banner warn">
      <b>Observe mode</b>{' '}
      <span>
        {observed > 0 && `Nothing is done for ${some} until a person says “Act”.`}
        {observing.length > 0 && `${observed > 0 ? ' ' : ''}New customers of ${namesOf(observing)} are only observed.`}
      </span>{' '}
      {observed > 0 && <a href="/customers?state=observed">See who</a>}
    </p>
  );
}

/** More sources than these are counted, so that the banner stays short. */
const MOST_NAMED = 3;

function namesOf(sources: readonly string[]): string {
  return sources.length > MOST_NAMED ? `${sources.length} sources` : sources.join(', ');
}

import type { VNode } from 'preact';
import type { CustomerName } from '../../client/customers.js';
import type { GivenToken } from '../api/onboarding-token.js';
import { mayDo, Reason, type Refused } from './deciding.js';
import { Hidden, Notice, Time } from './pieces.js';
import type { Session } from './sessions.js';
import { pathOfCustomer } from './words.js';

interface TokenFormProps {
  customer: CustomerName;
  session: Session;
  /** Why the token was not shown: then a reason is asked for. */
  refused?: Refused | undefined;
}

/** The button with which a key that may decide sees the token for the installer. */
export function TokenForm({ customer: { ref, cloud }, session, refused }: TokenFormProps): VNode | null {
  if (!mayDo(session, 'decide')) return null;
  return (
    <form method="post" action={pathOfCustomer(ref, cloud, 'token')}>
      <Hidden token={session.formToken} />
      {refused !== undefined && <Reason id="token-reason" refused={refused} />}
      <button type="submit" class="second">
        Show the token for the installer
      </button>
      <p class="quiet small">It is shown once; whoever wants it again must say why. Each time is written down.</p>
    </form>
  );
}

/** The token, for the one who has asked for it. */
export function TokenShown({ given }: { given: GivenToken }): VNode {
  const { token, expiresAt } = given;
  return (
    <section class="card">
      <h2>Token for the installer</h2>
      <p>
        <code>{token}</code>
      </p>
      <p class="quiet">
        Keep it secret: whoever has it can register machines at this customer. It is not shown again when you leave this
        screen.{' '}
        {expiresAt !== null && (
          <>
            Valid until <Time at={expiresAt} />.
          </>
        )}
      </p>
    </section>
  );
}

/** That it was not shown, and how it is asked for once more. */
export function TokenRefused({ refused, ...props }: TokenFormProps & { refused: Refused }): VNode {
  return (
    <>
      <Notice tone="danger" title="The token was not shown" alert>
        <p>{refused.message}</p>
      </Notice>
      <section class="card">
        <TokenForm {...props} refused={refused} />
      </section>
    </>
  );
}

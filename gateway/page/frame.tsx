import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { FastifyReply } from 'fastify';
import { addressOf } from './assets.js';
import { Banner } from './banner.js';
import { Hidden } from './pieces.js';
import type { Session } from './sessions.js';
import type { Standing } from './standings.js';

export const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  // a form must tell its origin, so "no-referrer" would be too strict
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

export interface Screen {
  title: string;
  body: VNode;
  /** The status of the answer; 200 unless given. */
  status?: number;
  /** True when nothing of it will change by itself. */
  isStill?: boolean;
}

export interface FrameProps extends Screen {
  session?: Session;
  /** Where changes of this screen come from. */
  stream?: string;
  /** The part of the page to which it belongs. */
  place?: string;
  /** What was refused just now. It stays when the screen changes. */
  notice?: VNode;
  /** What concerns all screens. */
  standing?: Standing | undefined;
}

export const htmlHeaders = { ...securityHeaders, 'content-type': 'text/html; charset=utf-8' };

/** Sends a whole screen. */
export function sendScreen(reply: FastifyReply, status: number, props: FrameProps): FastifyReply {
  return reply.code(status).headers(htmlHeaders).send(pageOf(reply, props));
}

/** The text of a whole screen. */
export function pageOf({ request }: FastifyReply, props: FrameProps): string {
  return `<!doctype html>${renderToString(<Frame {...props} standing={request.standing} />)}`;
}

/** The part of a screen that changes. */
export function fragmentOf({ title, body }: Screen): string {
  return renderToString(<Changing title={title}>{body}</Changing>);
}

function Changing({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <div class="screen" data-title={titleOf(title)}>
      {children}
    </div>
  );
}

const titleOf = (title: string) => `${title} · Tenantry`;

function Frame({ title, body, session, stream, place, notice, standing }: FrameProps): VNode {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{titleOf(title)}</title>
        <link rel="icon" href={addressOf('icon.svg')} />
        <link rel="stylesheet" href={addressOf('style.css')} />
        <script defer src={addressOf('idiomorph.js')} />
        <script type="module" src={addressOf('live.js')} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {session !== undefined && <Bar session={session} place={place} />}
        {session !== undefined && (
          <div id="banner" role="status">
            <Banner standing={standing} />
          </div>
        )}
        <p id="trouble" class="strip" role="status" hidden />
        <main id="main" tabIndex={-1}>
          {notice}
          <div id="live" {...(stream !== undefined && { 'data-stream': stream })}>
            <Changing title={title}>{body}</Changing>
          </div>
        </main>
      </body>
    </html>
  );
}

const places = [
  ['/', 'Board'],
  ['/customers', 'Customers'],
  ['/coming', 'Coming'],
  ['/reconcile', 'Reconcile'],
  ['/changes', 'Changes'],
  ['/sources', 'Sources'],
  ['/look-ups', 'Look-ups'],
  ['/start', 'Start'],
] as const;

function Bar({ session: { key, formToken }, place }: { session: Session; place: string | undefined }): VNode {
  return (
    <header class="bar">
      <a class="brand" href="/">
        <img src={addressOf('icon.svg')} alt="" width="24" height="24" />
        Tenantry
      </a>
      <nav aria-label="Main">
        {places.map(([path, name]) => (
          <a key={path} href={path} {...(path === place && { 'aria-current': 'page' as const })}>
            {name}
          </a>
        ))}
      </nav>
      <form class="search" action="/" role="search">
        <input type="search" name="search" aria-label="Search runs" placeholder="Name, reference or id" />
      </form>
      <form class="who" method="post" action="/log-out">
        <Hidden token={formToken} />
        <span class="quiet">
          {key.name} <span class="role">{key.role}</span>
        </span>
        <button class="plain" type="submit">
          Log out
        </button>
      </form>
    </header>
  );
}

import type { Idiomorph as Morphing } from 'idiomorph';

/** The script that is loaded before this one. */
declare const Idiomorph: typeof Morphing;

const live = document.querySelector<HTMLElement>('#live')!;
const banner = document.querySelector<HTMLElement>('#banner');
const trouble = document.querySelector<HTMLElement>('#trouble')!;
const LOST = 'The gateway does not answer. What you see may be old; it comes back by itself.';

const NOT_LOGGED_IN = 401;
const LATER_MS = 5000;

let source: EventSource | undefined;
/** Set once nothing will change any more. */
let isOver = false;
/** Set while the gateway says that it cannot read the screen. */
let isTroubled = false;

/** Follows the changes of this screen, as long as somebody can see it. */
function follow(): void {
  const { stream } = live.dataset;
  const isSeen = document.visibilityState === 'visible';
  if (stream === undefined || isOver || !isSeen) {
    source?.close();
    source = undefined;
    return;
  }
  source ??= open(stream);
}

function open(stream: string): EventSource {
  const events = new EventSource(stream);
  events.addEventListener('screen', ({ data }: MessageEvent<string>) => {
    isTroubled = false;
    say('');
    show(JSON.parse(data) as string);
  });
  events.addEventListener('banner', ({ data }: MessageEvent<string>) => {
    if (banner === null) return;
    void Idiomorph.morph(banner, JSON.parse(data) as string, { morphStyle: 'innerHTML' });
    localize(Date.now());
  });
  events.addEventListener('trouble', ({ data }: MessageEvent<string>) => {
    isTroubled = true;
    say(JSON.parse(data) as string);
  });
  events.addEventListener('end', () => {
    isOver = true;
    events.close();
  });
  events.addEventListener('gone', () => location.reload());
  events.addEventListener('error', () => {
    // what the gateway has said itself is better known
    if (!isTroubled) say(LOST);
    if (events.readyState !== EventSource.CLOSED) return;
    // a browser does not come again after an answer that is no stream
    source = undefined;
    void comeAgain(stream);
  });
  return events;
}

/** Shows the log-in when the session is over, and else tries again later. */
async function comeAgain(stream: string): Promise<void> {
  const asking = new AbortController();
  const status = await fetch(stream, { signal: asking.signal }).then(
    (answer) => answer.status,
    () => 0,
  );
  asking.abort();
  if (status === NOT_LOGGED_IN) location.reload();
  else setTimeout(follow, LATER_MS);
}

function say(text: string): void {
  if (trouble.textContent === text) return;
  trouble.textContent = text;
  trouble.hidden = text === '';
}

/** Puts the new screen into the place of the old one. What a person types, has opened or looks at stays. */
function show(html: string): void {
  const now = Date.now();
  void Idiomorph.morph(live, html, {
    morphStyle: 'innerHTML',
    restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: (old) => !isTyped(old),
      beforeAttributeUpdated: (name, node) => !(name === 'open' && node instanceof HTMLDetailsElement),
    },
  });
  const title = live.querySelector<HTMLElement>('.screen')?.dataset['title'];
  if (title !== undefined) document.title = title;
  localize(now);
}

/** What a person has typed or chosen, or would find typed after a refusal. */
function isTyped(node: Node): boolean {
  if (node instanceof HTMLTextAreaElement) return node.value !== '';
  if (!(node instanceof HTMLInputElement)) return false;
  return node.type === 'checkbox' ? node.checked : node.type === 'text' && node.value !== '';
}

const near = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const far = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const DAY_MS = 86_400_000;

/** Shows moments in the reader's own time. */
function localize(now: number): void {
  for (const time of document.querySelectorAll('time')) {
    const at = new Date(time.dateTime);
    const text = (Math.abs(now - at.getTime()) < DAY_MS / 2 ? near : far).format(at);
    if (time.textContent !== text) time.textContent = text;
    time.title = at.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' });
  }
}

document.addEventListener('visibilitychange', follow);
addEventListener('pageshow', follow);
addEventListener('pagehide', () => {
  source?.close();
  source = undefined;
});
localize(Date.now());
follow();

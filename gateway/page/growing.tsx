import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { htmlHeaders, pageOf, type FrameProps } from './frame.js';

interface Growing extends Omit<FrameProps, 'body'> {
  /** The screen; the text `gap` stands where the pieces come. */
  body(gap: string): VNode;
  pieces(): AsyncGenerator<VNode, void>;
  /** What stands below the screen once the last piece is there. */
  end(): VNode;
}

/**
 * Sends a screen that grows while something goes on, also in a browser without a script. What goes on does not stop when
 * the visitor leaves.
 */
export function sendGrowing(reply: FastifyReply, { body, pieces, end, ...props }: Growing): FastifyReply {
  const [gap, foot] = [randomUUID(), randomUUID()];
  const whole = pageOf(reply, {
    ...props,
    body: (
      <>
        {body(gap)}
        {foot}
      </>
    ),
  });
  const [before, [between, after]] = splitAt(whole, gap, foot);
  const out = new PassThrough();
  const say = (text: string) => {
    if (!out.destroyed) out.write(text);
  };
  const grow = async () => {
    say(before);
    try {
      for await (const piece of pieces()) say(renderToString(piece));
      say(between + renderToString(end()));
    } catch (error) {
      reply.log.error({ errorType: (error as Error).name, requestId: reply.request.id }, 'a growing screen failed');
      say(`${between}<p class="notice danger" role="alert">It stopped: the gateway failed. Its log says more.</p>`);
    }
    out.end(after);
  };
  void grow();
  return reply.code(200).headers(htmlHeaders).send(out);
}

function splitAt(text: string, gap: string, foot: string): [before: string, rest: [between: string, after: string]] {
  const [before = '', rest = ''] = text.split(gap);
  const [between = '', after = ''] = rest.split(foot);
  return [before, [between, after]];
}

import { expect, test } from '@jest/globals';
import { createInProcessSimulator, startSimulator, type Simulator } from '../../simulator/index.js';

type Face = Pick<Simulator, 'url' | 'clientId' | 'clientSecret'> & { fetch: typeof fetch };

async function askForToken({ url, clientId, clientSecret, fetch }: Face, secret = clientSecret) {
  const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  return await fetch(`${url}/api/2/idp/token`, { method: 'POST', headers: { authorization }, body });
}

test('answers in process as it does over HTTP', async () => {
  const server = await startSimulator();
  const overHttp = { ...server, fetch };
  const inProcess = createInProcessSimulator();

  for (const secret of [server.clientSecret, 'wrong']) {
    const [there, here] = [await askForToken(overHttp, secret), await askForToken(inProcess, secret)];
    expect([here.status, here.headers.get('content-type')]).toEqual([there.status, there.headers.get('content-type')]);
    expect(Object.keys((await here.json()) as object)).toEqual(Object.keys((await there.json()) as object));
  }

  await server.close();
});

test('a broken connection, and silence until the caller gives up, are as over HTTP', async () => {
  const simulator = createInProcessSimulator();
  simulator.faults.next('POST /idp/token', 'drop-before');
  simulator.faults.next('POST /idp/token', 'hang');

  await expect(askForToken(simulator)).rejects.toThrow('fetch failed');
  const patience = AbortSignal.timeout(50);
  const waiting = askForToken({
    ...simulator,
    fetch: (input, init) => simulator.fetch(input, { ...init, signal: patience }),
  });

  await expect(waiting).rejects.toThrow(/timeout/);
});

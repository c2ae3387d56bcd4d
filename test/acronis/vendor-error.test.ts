import { expect, test } from '@jest/globals';
import { readVendorError } from '../../acronis/vendor-error.js';

type Fields = Record<string, unknown>;

/** A form of refusal: its body, what is read of it, and which of its fields hold what. */
const forms: [form: string, body: Fields, around: (told: Fields) => unknown, from: Record<string, string[]>][] = [
  [
    'account management',
    {
      code: 1022,
      domain: 'PlatformAccountServer',
      message: 'Quota is exceeded',
      details: { info: 'users', addition: [{ id: '1' }] },
      context: { items: [{ name: 'pg_base_storage' }] },
      data: [],
    },
    (error) => ({ error }),
    { domain: ['domain'], reason: ['message', 'details', 'context'] },
  ],
  [
    'the token endpoint',
    { error: 'invalid_client', error_description: 'no such client', domain: 'Access', reason: 'InvalidClient' },
    (told) => told,
    { domain: ['domain'], reason: ['error_description'] },
  ],
  [
    'the agent manager',
    { code: 'ACCESS_DENIED', domain: 'AgentManager', debug: { msg: 'no such right' } },
    (told) => told,
    { domain: [], reason: ['debug'] },
  ],
  [
    'the task and alert managers',
    { code: 'BadFilter', domain: 'TaskManager', reason: 'unknown state', context: {}, kbLink: {}, debug: {} },
    (told) => told,
    { domain: [], reason: ['reason'] },
  ],
  [
    'the resource and policy managers',
    { code: 'NotFoundError', domain: 'General', message: 'no such plan', context: {} },
    (told) => told,
    { domain: [], reason: ['message'] },
  ],
];

const needed: Record<string, string[]> = {
  'account management': ['code'],
  'the token endpoint': ['error'],
};

test.each(forms)(
  'reads the words of %s whatever is left out, null or of a new kind beside them',
  (form, body, around, from) => {
    const route = form === 'the token endpoint' ? 'POST /idp/token' : 'GET /x';
    const whole = readVendorError(JSON.stringify(around(body)), route)!;
    const wrong: string[] = [];
    for (const field of Object.keys(body)) {
      if ((needed[form] ?? ['code', 'domain']).includes(field)) continue;
      for (const value of [undefined, null, 17, [true], { newKind: 1 }]) {
        const words = readVendorError(JSON.stringify(around({ ...body, newField: 1, [field]: value })), route);
        const kept = (['code', 'domain', 'reason'] as const).filter((one) => !from[one]?.includes(field));
        for (const one of kept)
          if (words?.[one] !== whole[one]) wrong.push(`${field} ${JSON.stringify(value)}: ${one} is ${words?.[one]}`);
      }
    }
    expect(whole).toMatchObject({ code: expect.anything(), domain: expect.any(String), reason: expect.any(String) });
    expect(wrong).toEqual([]);
  },
);

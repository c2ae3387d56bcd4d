import { expect, test } from '@jest/globals';
import { openText, parseKeys, sealText } from '../../vault/index.js';

const keyOf = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
const old = parseKeys(keyOf('k1', 1));
const both = parseKeys(`${keyOf('k2', 2)},${keyOf('k1', 1)}`);
const text = 'Müller, it@a.example\n';

test('a sealed text shows nothing, and is opened with the key that sealed it, for what it was sealed for', () => {
  const sealed = sealText(old, text, 'rows');

  expect(sealed).toMatch(/^tenantry-sealed:k1:[\w+/]+=*$/);
  expect(sealed).not.toContain(Buffer.from('Müller').toString('base64').slice(0, 8));
  expect(openText(both, sealed, 'rows')).toBe(text);
  expect(() => openText(both, sealed, 'other')).toThrow('it was changed after it was encrypted with the key k1');
  expect(() => openText(both, `${sealed.slice(0, -8)}AAAAAAA=`, 'rows')).toThrow('it was changed');
  expect(() => openText(undefined, sealed, 'rows')).toThrow('the key k1 is not in TENANTRY_CODEC_KEYS');
});

test('without keys a text is kept as it is, and one that is not sealed is opened as it is', () => {
  expect(sealText(undefined, text, 'rows')).toBe(text);
  expect(openText(both, text, 'rows')).toBe(text);
});

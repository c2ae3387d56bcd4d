import { describe, expect, test } from '@jest/globals';
import type { ItemWish } from '../../activities/offer.js';
import { infraKinds } from '../../activities/infra.js';
import { anItem, available, backup, dr, namesOf, placesOf, wished, WORKLOAD } from '../support/two-dr-sites.js';

describe('an edition and items', () => {
  const [first] = backup;
  const infra = { backup: first, dr: dr[0] };

  test('add up, each item once, also those of no edition', () => {
    const both = namesOf({ edition: WORKLOAD, offeringItems: ['local_storage', 'pw_base_workstations'], infra });

    expect(both.toSorted()).toEqual([...namesOf({ edition: WORKLOAD, infra }), 'local_storage'].toSorted());
    expect(both).toHaveLength(new Set(both).size);
  });

  test('add up across applications', () => {
    const files = anItem('pg_base_fc_seats', {
      application_id: 'dfd85a5f-a464-32ab-81fd-99bcc66a070f',
      edition: 'fss_per_gigabyte',
    });

    const names = namesOf({ edition: WORKLOAD, offeringItems: ['pg_base_fc_seats'], infra }, [...available, files]);

    expect(names).toContain('pg_base_fc_seats');
    expect(names).toContain('pw_base_storage');
  });

  test('of two editions of one application are refused, naming both fields', () => {
    const other = anItem('pg_base_vms', { edition: 'pck_per_gigabyte' });

    const { problems } = wished({ edition: WORKLOAD, offeringItems: ['pg_base_vms'], infra }, [...available, other]);

    expect(problems).toEqual([
      'offeringItems and edition: pg_base_vms belongs to pck_per_gigabyte, the order to pck_per_workload, and a customer has one edition of a service',
    ]);
  });

  test('two items of two editions are refused before anything is made', () => {
    const other = anItem('pg_base_vms', { edition: 'pck_per_gigabyte' });

    const { problems } = wished({ offeringItems: ['pw_base_workstations', 'pg_base_vms'] }, [...available, other]);

    expect(problems).toEqual([expect.stringContaining('offeringItems: pg_base_vms belongs to pck_per_gigabyte')]);
  });

  test('that a list names twice are ordered once', () => {
    const names = namesOf({ offeringItems: ['pw_base_workstations'] }, [...available, ...available]);

    expect(names).toEqual(['pw_base_workstations']);
  });
});

describe('where data lives', () => {
  test('one place of each kind is ordered, as it is named', () => {
    const wish = { edition: WORKLOAD, infra: { backup: backup[1], dr: dr[0] } };

    expect(wished(wish).problems).toEqual([]);
    expect(placesOf(wish).toSorted()).toEqual([backup[1], dr[0]].toSorted());
  });

  test('a storage for backup does not choose the site for disaster recovery', () => {
    const { problems } = wished({ edition: WORKLOAD, infraId: backup[0] });

    expect(problems).toEqual([expect.stringMatching(/^infra\.dr: several are offered/)]);
    for (const site of dr) expect(problems[0]).toContain(site);
  });

  test('infraId chooses for its own kind, whichever that is, and infra for the others', () => {
    const wish = { edition: WORKLOAD, infraId: dr[1], infra: { backup: backup[0] } };

    expect(wished(wish).problems).toEqual([]);
    expect(placesOf(wish).toSorted()).toEqual([backup[0], dr[1]].toSorted());
  });

  test('is never guessed: the missing name is asked for by its field', () => {
    const { problems } = wished({ edition: WORKLOAD });

    expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(new Set(['infra.backup', 'infra.dr']));
  });

  test('items that are only on or off need the name of their site too', () => {
    expect(wished({ offeringItems: ['pw_base_dr_base'] }).problems).toEqual([
      expect.stringMatching(/^infra\.dr: several/),
    ]);
  });

  test('is not asked for where only one place of a kind is offered', () => {
    const one = available.filter((row) => row.infra_id !== dr[1] && row.infra_id !== backup[1]);

    expect(wished({ edition: WORKLOAD }, one).problems).toEqual([]);
  });

  test.each<[string, Partial<ItemWish>, RegExp]>([
    [
      'a kind that nothing of the order needs',
      { infra: { files_cloud: dr[0], backup: backup[0], dr: dr[0] } },
      /^infra\.files_cloud: no ordered item keeps data of this kind; this order has backup, dr$/,
    ],
    ['a place of another kind', { infra: { backup: dr[0], dr: dr[0] } }, /^infra\.backup: .* is not among those/],
    [
      'two places of one kind',
      { infraId: backup[1], infra: { backup: backup[0], dr: dr[0] } },
      /^infraId and infra\.backup name two places/,
    ],
    [
      'a place that nobody offers',
      { infraId: '00000000-0000-4000-8000-000000000000', infra: { backup: backup[0], dr: dr[0] } },
      /^infraId: .* is not among the storages offered/,
    ],
  ])('%s is refused by its field', (_words, wish, sentence) => {
    expect(wished({ edition: WORKLOAD, ...wish }).problems).toContainEqual(expect.stringMatching(sentence));
  });

  test('a named item that is only offered on other storages is refused, not left out', () => {
    const cold = anItem('cold_storage', { type: 'infra', infra_id: backup[1], edition: null });

    const wish = { offeringItems: ['pw_base_storage', 'cold_storage'], infraId: backup[0] };

    expect(wished(wish, [...available, cold]).problems).toEqual([
      `offeringItems: cold_storage is not offered on the place that is chosen, only on ${backup[1]}`,
    ]);
  });

  test('has the kind of what else lies there, else the name of what is counted there', () => {
    const alone = anItem('holograms', { infra_id: 'h' });
    const beside = anItem('licences', { infra_id: dr[0] });
    const kindOf = infraKinds([...available, alone, beside]);

    expect([alone, beside].map(kindOf)).toEqual(['holograms', 'dr']);
  });
});

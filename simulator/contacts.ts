import type { Json } from './router.js';

const blank = {
  types: [],
  email: '',
  firstname: null,
  lastname: null,
  address1: null,
  address2: null,
  country: null,
  state: null,
  city: null,
  zipcode: null,
  phone: null,
  title: null,
  website: null,
  industry: null,
  organization_size: null,
  email_confirmed: null,
  aan: null,
  fax: null,
  language: null,
};

/** The contact of a tenant or a user, whole. */
export function contactView({
  id,
  contact,
  created_at,
  updated_at,
}: {
  id: string;
  contact: Json;
  created_at: string;
  updated_at: string;
}): Json {
  return { ...blank, ...contact, id, created_at, updated_at };
}

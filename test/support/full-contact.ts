/** A contact with every field that the vendor has. */
export const contact = {
  email: 'office@example.com',
  firstName: 'Bea',
  lastName: 'Elk',
  title: 'Office',
  phone: '+49 30 1',
  fax: '+49 30 2',
  website: 'https://customer.example',
  address1: 'Hauptstr. 1',
  address2: 'Hof',
  city: 'Berlin',
  state: 'BE',
  zipcode: '10115',
  country: 'de',
  industry: 'Milling',
  organizationSize: '10',
};

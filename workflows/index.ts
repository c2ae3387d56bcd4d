export { provisionCustomer } from './provision-customer/workflow.js';

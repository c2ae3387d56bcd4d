export { cloudTrouble } from './cloud-trouble/workflow.js';
export { provisionCustomer } from './provision-customer/workflow.js';

/** The type of the workflow that owns one customer. */
export const CUSTOMER_WORKFLOW = 'customer';
/** The signal that brings it facts: one argument, a list of `Fact`. */
export const FACTS_SIGNAL = 'facts';
/** The query for its status. */
export const CUSTOMER_QUERY = 'customer';

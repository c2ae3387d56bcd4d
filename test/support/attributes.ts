import proto from '@temporalio/proto';
import { searchAttributes } from '../../contract/search-attributes.js';

const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** The request that adds Tenantry's search attributes to a server that cannot list them. */
export function operatorServiceAttributes(namespace: string) {
  return {
    namespace,
    searchAttributes: Object.fromEntries(searchAttributes.map(({ name }) => [name, INDEXED_VALUE_TYPE_KEYWORD])),
  };
}

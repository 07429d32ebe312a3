import { type Delivery, type DeliveryEffects, exportVariables } from './delivery.ts';

/** What the environment delivery leaves to set where the job keeps the credentials that it has. */
export const regionDelivery: Delivery = {
  kind: 'region',

  deliver({ session }, effects) {
    exportRegion(session.region, effects);
    return 'region';
  },
};

/** Sets the region's variables that do not hold it already. */
export function exportRegion(region: string, effects: Omit<DeliveryEffects, 'inputs'>): void {
  const names = ['AWS_REGION', 'AWS_DEFAULT_REGION'].filter((name) => effects.host.env[name] !== region);
  exportVariables(Object.fromEntries(names.map((name) => [name, region])), effects);
}

/** In the order of the flow. */
export const serviceNames = ['gateway', 'detector', 'casework', 'actuator'] as const;
export type ServiceName = (typeof serviceNames)[number];

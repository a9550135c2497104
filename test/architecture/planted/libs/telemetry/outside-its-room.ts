// breaks: room-telemetry
export { clean } from '#detection/clean';

// breaks: room-connector
export { clean } from '#stream/clean';

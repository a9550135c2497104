// breaks: room-config
export { clean } from '#stream/clean';

// breaks: room-action
export { clean } from '#stream/clean';

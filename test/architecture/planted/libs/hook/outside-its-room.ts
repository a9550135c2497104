// breaks: room-hook
export { clean } from '#stream/clean';

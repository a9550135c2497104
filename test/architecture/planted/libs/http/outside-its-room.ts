// breaks: room-http
export { clean } from '#stream/clean';

// breaks: room-contract
export { clean } from '#stream/clean';

// breaks: room-expectation
export { clean } from '#detection/clean';

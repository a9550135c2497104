// breaks: app-casework
export { clean } from '../actuator/clean';

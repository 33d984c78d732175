// As process 1 it is not ended by a signal that it has no handler for; anywhere else it is ended at once.
export default function nohandler() {}

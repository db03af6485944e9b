namespace Faas.Actors.Egress;

/// <summary>What went through a door.</summary>
/// <param name="BytesUp">Bytes to hosts.</param>
/// <param name="BytesDown">Bytes from hosts.</param>
/// <param name="Connections">Connections that a sandbox made, the refused ones included.</param>
/// <param name="Refused">Those that were refused.</param>
public readonly record struct EgressUse(long BytesUp, long BytesDown, long Connections, long Refused);

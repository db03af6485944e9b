namespace Faas.Actors.Runs.Kept;

/// <summary>What the store holds of kept runs at one moment, for all servers that share it.</summary>
/// <param name="Due">Runs that may start, and wait for a server to take them.</param>
/// <param name="Later">Runs that wait for a time.</param>
/// <param name="OldestWait">
/// How long the oldest of the due runs has waited since it may start; null: none is due. Of very many scripts it is that of the hundred
/// whose turn comes next.
/// </param>
/// <param name="Ended">Ended runs whose records are kept.</param>
/// <param name="EndedBytes">What those take, about.</param>
/// <param name="OpenBytes">What the runs take that have not ended, about.</param>
public sealed record KeptLevels(long Due, long Later, TimeSpan? OldestWait, long Ended, long EndedBytes, long OpenBytes);

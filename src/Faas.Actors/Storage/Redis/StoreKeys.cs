using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.AkkaPlugins;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Every Redis key of the store. Journal and snapshots have the keys that the Akka.Persistence.Redis package gives them,
/// so each can read what the other wrote.
/// </summary>
/// <param name="Prefix">In front of every key, separator included: <c>faas:</c>.</param>
public sealed record StoreKeys(string Prefix)
{
    private const string HighestSuffix = ":highestSequenceNr";

    /// <summary>A sorted set; score: sequence number, member: the persistent message.</summary>
    public string Journal(string persistenceId) => $"{JournalPrefix}{persistenceId}";

    /// <summary>A string; the highest sequence number ever written, which deletion does not lower.</summary>
    public string HighestSequenceNr(string persistenceId) => $"{JournalPrefix}{persistenceId}{HighestSuffix}";

    /// <summary>A sorted set; score: sequence number, member: a <see cref="SnapshotRecord"/>.</summary>
    public string Snapshot(string persistenceId) => $"{Prefix}snapshot:{persistenceId}";

    /// <summary>A string; JSON of source and compiled form.</summary>
    public string Code(Language language, string hash) => $"{Prefix}code:{language.ToWire()}:{hash}";

    /// <summary>
    /// A hash; field: script path, value: the token of its reference to the code. An empty field says that all references are here.
    /// </summary>
    public string CodeReferences(Language language, string hash) => $"{Prefix}references:{language.ToWire()}:{hash}";

    /// <summary>A string that expires; the <see cref="StoreOwner"/>.</summary>
    public string Owner => $"{Prefix}owner";

    /// <summary>A string; how many owners the store has had.</summary>
    public string Epoch => $"{Prefix}owner:epoch";

    /// <summary>A string that expires; the process of a cluster that holds the lease.</summary>
    public string ShardLease(string name) => $"{Prefix}lease:{name}";

    /// <summary>A string that expires later than the lease; the last process that held it.</summary>
    public string LeaseMark(string name) => $"{Prefix}lease:{name}:mark";

    /// <summary>A string that expires; the process that held the lease before another one took it.</summary>
    public string LeaseSign(string name) => $"{Prefix}lease:{name}:before";

    /// <summary>A string that expires; when the caller's bucket of requests is full again, in microseconds since 1970.</summary>
    public string Rate(string caller) => $"{Prefix}rate:{caller}";

    /// <summary>In front of every key of <see cref="RedisKeptRuns"/>, which says what they hold.</summary>
    public string Kept => $"{Prefix}kept:";

    /// <summary>A hash; field: script path, value: sequence number and summary.</summary>
    public string Scripts => $"{Prefix}scripts";

    /// <summary>A sorted set, every score 0; member: script path.</summary>
    public string ScriptsByPath => $"{Prefix}scripts:by-path";

    /// <summary>A sorted set, every score 0; member: the time of the latest version's upload and the script path.</summary>
    public string ScriptsByTime => $"{Prefix}scripts:by-time";

    /// <summary>A hash; field: script path, value: the time in <see cref="ScriptsByTime"/>.</summary>
    public string ScriptTimes => $"{Prefix}scripts:times";

    /// <summary>A sorted set, every score 0; member: the path of a script that is a tool.</summary>
    public string ScriptTools => $"{Prefix}scripts:tools";

    /// <summary>A glob for SCAN that matches the <see cref="HighestSequenceNr"/> keys of all persistence ids with this prefix.</summary>
    public string HighestSequenceNrPattern(string persistenceIdPrefix) =>
        $"{EscapeGlob(JournalPrefix)}{EscapeGlob(persistenceIdPrefix)}*{HighestSuffix}";

    /// <summary>The persistence id in a key that <see cref="HighestSequenceNrPattern"/> matched.</summary>
    public string PersistenceIdOf(string highestSequenceNrKey) => highestSequenceNrKey[JournalPrefix.Length..^HighestSuffix.Length];

    private string JournalPrefix => $"{Prefix}journal:persisted:";

    private static string EscapeGlob(string text) =>
        string.Concat(text.Select(c => c is '*' or '?' or '[' or ']' or '\\' ? $"\\{c}" : $"{c}"));
}

using Faas.Actors.Scripts;

namespace Faas.Actors.Serialization;

/// <summary><c>vu1</c> and <c>vu2</c> of <see cref="VersionUploaded"/>, as earlier servers stored it; read, never written.</summary>
internal sealed record EarlierVersionUploaded(string Path, EarlierVersion Version)
{
    public VersionUploaded ToEvent() => new(Path, Version.ToVersion());
}

/// <summary>A version whose only setting stood beside its other members: <c>vu2</c>, and <c>vu1</c> without it.</summary>
internal sealed record EarlierVersion(
    long Number, Language Language, string CodeHash, int CodeBytes, DateTimeOffset At, Isolation? Isolation)
{
    public ScriptVersion ToVersion() => new(Number, Language, CodeHash, CodeBytes, At, EarlierSettings.Of(Isolation));
}

/// <summary>
/// The settings of versions that could have none but an isolation; one object for each, since a script may have many versions.
/// </summary>
internal static class EarlierSettings
{
    private static readonly Dictionary<Isolation, ScriptSettings> s_byIsolation =
        Enum.GetValues<Isolation>().ToDictionary(isolation => isolation, isolation => new ScriptSettings(isolation));

    public static ScriptSettings Of(Isolation? isolation) => isolation is { } known ? s_byIsolation[known] : ScriptSettings.Default;
}

using System.Globalization;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs;

/// <summary>
/// What the author of a version, or the caller of <c>/run-now</c>, has chosen for the runs and their sandbox, within what the operator
/// allows. A member that is null has the operator's default.
/// </summary>
public sealed class RunSettings
{
    private string? _key;

    /// <summary>How long a run may take, by the wall clock.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The environment variables of the script's processes, beside those that every sandbox has.</summary>
    public NamedTexts? Env { get; init; }

    /// <summary>Names them in a binding key: the same settings have the same key, and no others.</summary>
    public string Key => _key ??= string.Create(CultureInfo.InvariantCulture, $"{Timeout?.Ticks},{Env?.Digest}");

    /// <summary>Those of a version on a server with these ceilings.</summary>
    public static RunSettings Of(ScriptSettings settings, SettingCeilings most) => new()
    {
        Timeout = settings.Timeout is { } timeout && timeout > most.Timeout ? most.Timeout : settings.Timeout,
        Env = settings.Env,
    };
}

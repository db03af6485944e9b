using System.Globalization;
using Faas.Actors.Hosts;
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

    /// <summary>The secrets that the runs get. Their values are in each run, because they may change.</summary>
    public SecretNames? Secrets { get; init; }

    /// <summary>The secrets of which the runs get placeholders, and the hosts that each is bound to.</summary>
    public SealedSecrets? Sealed { get; init; }

    /// <summary>Whether the runs have the secrets as environment variables, too.</summary>
    public bool SecretsInEnv { get; init; }

    /// <summary>The hosts that the runs may reach; null: none.</summary>
    public EgressRules? Network { get; init; }

    /// <summary>Whether each run needs values of secrets.</summary>
    public bool HasSecrets => Secrets is not null || Sealed is not null;

    /// <summary>The memory of the sandbox in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The processors of the sandbox.</summary>
    public double? Cpus { get; init; }

    /// <summary>The processes and threads of the sandbox.</summary>
    public int? Pids { get; init; }

    /// <summary>The size of /tmp in bytes. It is fixed when a sandbox starts, so it is part of the <see cref="ImageKey"/>.</summary>
    public long? TmpBytes { get; init; }

    /// <summary>
    /// The name of the image of <c>faas.images</c> whose libraries the sandbox has. They are loaded before it is bound, so it is part of
    /// the <see cref="ImageKey"/>.
    /// </summary>
    public string? Image { get; init; }

    /// <summary>Whether the kernel's limits must be set anew when a sandbox is bound.</summary>
    public bool ChangeLimits => MemoryBytes is not null || Cpus is not null || Pids is not null;

    /// <summary>Names them in a binding key: the same settings have the same key, and no others.</summary>
    public string Key => _key ??= string.Create(
        CultureInfo.InvariantCulture,
        $"{Timeout?.Ticks},{MemoryBytes},{Cpus},{Pids},{TmpBytes},{Env?.Digest}{SecretsKey}{NetworkKey}{ImageSuffix}");

    /// <summary>Those of a version on a server with these ceilings.</summary>
    /// <param name="settings">The version's.</param>
    /// <param name="most">The ceilings.</param>
    /// <param name="defaultTmpBytes">The /tmp of sandboxes whose version says nothing; one of the same size is no other.</param>
    /// <param name="hosts">The hosts that the operator permits; null: none.</param>
    public static RunSettings Of(ScriptSettings settings, SettingCeilings most, long defaultTmpBytes = 0, EgressRules? hosts = null)
    {
        var tmp = AtMost(settings.TmpBytes, most.TmpBytes);
        return new RunSettings
        {
            Timeout = AtMost(settings.Timeout, most.Timeout),
            Env = settings.Env,
            Secrets = settings.Secrets,
            Sealed = settings.Sealed,
            SecretsInEnv = settings.SecretsInEnv == true,
            Network = settings.Network?.Allow.Within(hosts ?? EgressRules.None),
            MemoryBytes = AtMost(settings.MemoryBytes, most.MemoryBytes),
            Cpus = AtMost(settings.Cpus, most.Cpus),
            Pids = AtMost(settings.Pids, most.Pids),
            TmpBytes = tmp == defaultTmpBytes ? null : tmp,
            Image = settings.Image,
        };
    }

    private string? SecretsKey => HasSecrets ? $",{Secrets?.Key}{SealedKey}{(SecretsInEnv ? ",env" : "")}" : null;

    private string? SealedKey => Sealed is { } bound ? $",sealed={bound.Key}" : null;

    private string? ImageSuffix => Image is null ? null : $",image={Image}";

    private string? NetworkKey => Network is { } allow ? $",[{allow}]" : null;

    private static T? AtMost<T>(T? wanted, T most)
        where T : struct, IComparable<T> => wanted is { } one && one.CompareTo(most) > 0 ? most : wanted;
}

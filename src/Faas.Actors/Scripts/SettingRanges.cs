using System.Globalization;
using Faas.Actors.Configuration;

namespace Faas.Actors.Scripts;

/// <summary>
/// Whether the settings of a version from elsewhere are such as some server could have stored. The ceilings of this server are not
/// applied: they bound its runs, as they do for versions that are older than a ceiling.
/// </summary>
public static class SettingRanges
{
    private const int HighestConcurrency = 1000;

    /// <summary>What is wrong, as a sentence without its end; null: nothing.</summary>
    public static string? Check(ScriptSettings settings) =>
        Wrong("handler", settings.Handler, HandlerName.Check)
        ?? Wrong("env", settings.Env, SettingRules.CheckEnv)
        ?? Wrong("image", settings.Image, SettingRules.CheckImage)
        ?? Wrong("secrets", settings.Secrets, SettingRules.CheckSecrets)
        ?? Wrong("sealed", settings, SealingRules.Check)
        ?? Wrong("dependencies", settings.Dependencies, SettingRules.CheckDependencies)
        ?? Wrong("labels", settings.Labels, SettingRules.CheckLabels)
        ?? Wrong("description", settings.Description, SettingRules.CheckDescription)
        ?? Wrong("retry", settings.Retry, RetryPolicy.Check)
        ?? Wrong("retention", settings.Retention, RunRetention.Check)
        ?? Wrong("inputSchema", settings.InputSchema?.Text, CheckSchema)
        ?? Outside("concurrency", settings.Concurrency, 1, HighestConcurrency)
        ?? Outside("minWarm", settings.MinWarm, 0, SettingCeilings.HighestMinWarm)
        ?? Outside("pids", settings.Pids, SettingCeilings.LeastPids, SettingCeilings.HighestPids)
        ?? Outside("cpus", settings.Cpus, SettingCeilings.LeastCpus, SettingCeilings.HighestCpus)
        ?? Outside("memory", settings.MemoryBytes, SettingCeilings.LeastMemoryBytes, SettingCeilings.HighestMemoryBytes, SizeText.Of)
        ?? Outside("tmpSize", settings.TmpBytes, SettingCeilings.LeastTmpBytes, SettingCeilings.HighestTmpBytes, SizeText.Of)
        ?? Outside("timeout", settings.Timeout, SettingCeilings.LeastTimeout, SettingCeilings.HighestTimeout, DurationText.Of);

    private static string? CheckSchema(string schema)
    {
        JsonSchema.Of(schema, out var wrong);
        return wrong;
    }

    private static string? Wrong<T>(string name, T? value, Func<T, string?> check)
        where T : class =>
        value is not null && check(value) is { } wrong ? $"\"{name}\" {wrong}" : null;

    private static string? Outside<T>(string name, T? value, T least, T most, Func<T, string>? text = null)
        where T : struct, IComparable<T>
    {
        text ??= number => string.Create(CultureInfo.InvariantCulture, $"{number}");
        return value is { } known && (known.CompareTo(least) < 0 || known.CompareTo(most) > 0)
            ? $"\"{name}\" is {text(known)}; allowed are {text(least)} to {text(most)}"
            : null;
    }
}

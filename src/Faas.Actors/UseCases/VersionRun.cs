using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>Makes the run of a stored version.</summary>
internal static class VersionRun
{
    /// <summary>A run of the version, as its settings and the operator's say.</summary>
    /// <param name="options">The operator's settings.</param>
    /// <param name="path">The script.</param>
    /// <param name="version">The version's number.</param>
    /// <param name="settings">The version's settings.</param>
    /// <param name="code">The version's code.</param>
    /// <param name="arguments">What the run is given.</param>
    /// <param name="stream">Whether the caller gets output as it is printed.</param>
    /// <param name="isLatest">Whether calls of the path get this version without naming one.</param>
    public static Run Of(
        UseCaseOptions options,
        string path,
        long version,
        ScriptSettings settings,
        ScriptCode code,
        RunArguments arguments,
        bool stream,
        bool isLatest)
    {
        var (callId, input, withUsage, key, withLogs) = arguments;
        return new Run(
            arguments.RunId ?? RunIds.Next(callId),
            path,
            code,
            RunMode.Execute,
            options.IsolationOf(settings.Isolation),
            input,
            stream,
            version,
            withUsage,
            options.OwnerOf(key),
            settings.Handler,
            options.ConcurrencyOf(settings),
            withLogs,
            options.RunSettingsOf(settings),
            isLatest ? options.MinWarmOf(settings) : null)
        {
            TraceParent = arguments.TraceParent,
            Files = arguments.Files,
            GivesFiles = arguments.TakesFiles,
        };
    }
}

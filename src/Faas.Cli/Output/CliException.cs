namespace Faas.Cli.Output;

/// <summary>Something is wrong that the person can mend; the message says what, and what to do, in one line.</summary>
/// <param name="exitCode">What the process ends with; one of <see cref="ExitCode"/>.</param>
/// <param name="message">The line.</param>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>An argument makes no sense.</summary>
    public static CliException Usage(string message) => new(Output.ExitCode.Usage, message);

    /// <summary>A file cannot be read.</summary>
    public static CliException NotThere(string message) => new(Output.ExitCode.NotThere, message);

    /// <summary>A file, or stdout, cannot be written.</summary>
    public static CliException NotWritten(string file, Exception failed) =>
        new(Output.ExitCode.NotWritten, $"{file} cannot be written: {FileError.Of(failed)}.");
}

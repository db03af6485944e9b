using System.ComponentModel;
using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>
/// One run of esbuild as a filter: TypeScript on stdin, JavaScript with an inline source map on stdout, errors on
/// stderr. It transforms a single text: it opens no file, resolves no import, and sees no environment.
/// </summary>
/// <param name="program">The esbuild binary.</param>
/// <param name="timeout">How long one run may take, <c>faas.scripts.compile-timeout</c>.</param>
public sealed class Esbuild(string program, TimeSpan timeout) : IDisposable
{
    // The target has esbuild lower what the pinned node does not have yet, above all decorators. The limit keeps the
    // report on a hostile script short.
    private static readonly string[] s_arguments =
    [
        "--sourcefile=script.ts", "--sourcemap=inline", "--sources-content=false", "--target=node26",
        "--charset=utf8", "--tsconfig-raw={}", "--color=false", "--log-level=error", "--log-limit=1000",
    ];

    private const string MapMark = "//# sourceMappingURL=data:application/json;base64,";

    // One esbuild uses every processor; two at a time leave enough for the runs.
    private readonly SemaphoreSlim _running = new(2);

    /// <summary>
    /// Transforms a text, which may have JSX if <paramref name="withJsx"/> is true. Throws <see cref="CompilerException"/> when esbuild
    /// breaks or takes too long.
    /// </summary>
    public async Task<EsbuildAnswer> TransformAsync(string source, bool withJsx, CancellationToken cancellation)
    {
        await _running.WaitAsync(cancellation);
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(timeout);
            return Read(await RunAsync(source, withJsx, deadline.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CompilerException(
                $"The TypeScript compiler took longer than faas.scripts.compile-timeout ({timeout.TotalSeconds} s).");
        }
        catch (Win32Exception missing)
        {
            throw new CompilerException($"The TypeScript compiler cannot be run: {missing.Message}", missing);
        }
        finally
        {
            _running.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private Task<BufferedCommandResult> RunAsync(string source, bool withJsx, CancellationToken cancellation) => Cli.Wrap(program)
        .WithArguments([.. s_arguments, withJsx ? "--loader=tsx" : "--loader=ts"])
        .WithWorkingDirectory("/")
        .WithEnvironmentVariables(environment =>
        {
            foreach (var name in Environment.GetEnvironmentVariables().Keys)
            {
                environment.Set((string)name, null);
            }
        })
        .WithStandardInputPipe(PipeSource.FromString(source, Encoding.UTF8))
        .WithValidation(CommandResultValidation.None)
        .ExecuteBufferedAsync(Encoding.UTF8, cancellation);

    private static EsbuildAnswer Read(BufferedCommandResult result)
    {
        var errors = EsbuildMessage.ReadAll(result.StandardError);
        if (errors.Count > 0)
        {
            return new EsbuildAnswer("", "", errors);
        }

        var mark = result.StandardOutput.LastIndexOf(MapMark, StringComparison.Ordinal);
        if (!result.IsSuccess || mark < 0)
        {
            throw new CompilerException($"The TypeScript compiler ended with {result.ExitCode}: {FirstLine(result.StandardError)}");
        }

        var map = Convert.FromBase64String(result.StandardOutput[(mark + MapMark.Length)..].Trim());
        return new EsbuildAnswer(result.StandardOutput[..mark], Encoding.UTF8.GetString(map), []);
    }

    private static string FirstLine(string text) => text.Trim() is { Length: > 0 } said ? said.Split('\n')[0] : "it said nothing";
}

/// <summary>What esbuild made of a text; with errors, the other members are empty.</summary>
public sealed record EsbuildAnswer(string JavaScript, string SourceMap, IReadOnlyList<EsbuildMessage> Errors);

/// <summary>The compiler broke; no fault of the script is known.</summary>
public sealed class CompilerException(string message, Exception? inner = null) : Exception(message, inner);

using System.Diagnostics;
using System.Globalization;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>
/// Tries every image of <c>faas.images</c>, side by side: starts one sandbox of each, which loads the image's libraries first. A server
/// with an image that cannot load its libraries does not start. Where sandboxes are forks, the image's mother is warm afterwards.
/// </summary>
public sealed class LibraryProbe(ISandboxLauncher launcher, SandboxOptions options)
{
    /// <summary>Returns one check for each image, in their order. Throws only when it is cancelled.</summary>
    public async Task<IReadOnlyList<WallCheck>> RunAsync(CancellationToken cancellation) =>
        await Task.WhenAll(options.Images.All.Select(image => TryAsync(image, cancellation)));

    private async Task<WallCheck> TryAsync(LibraryImage image, CancellationToken cancellation)
    {
        var name = $"image {image.Name}";
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await using var sandbox = await launcher.StartAsync(new ImageKey(image.Runtime, Libraries: image.Name), cancellation);
            try
            {
                await ZygotePipe.ReadReadyAsync(sandbox.Output).WaitAsync(options.StartTimeout, cancellation);
                return WallCheck.Stands(name, Loaded(image, Stopwatch.GetElapsedTime(begun)));
            }
            catch (ProtocolException broken)
            {
                sandbox.Kill();
                var exit = await sandbox.Exited.WaitAsync(options.StartTimeout, cancellation);
                return Broken(name, $"{broken.Message} (status {exit.ExitCode}). {exit.Stderr}");
            }
            finally
            {
                sandbox.Kill();
            }
        }
        catch (TimeoutException)
        {
            return WallCheck.Missing(
                name,
                $"its libraries were not loaded within faas.sandbox.start-timeout ({options.StartTimeout.TotalSeconds} s)",
                "preload less, or raise faas.sandbox.start-timeout");
        }
        catch (SandboxStartException refused)
        {
            return Broken(name, refused.Message);
        }
    }

    private static WallCheck Broken(string name, string why) =>
        WallCheck.Missing(name, ScriptOutcome.OneLine(why), $"change {LibraryImages.Section}, or install what is missing");

    private static string Loaded(LibraryImage image, TimeSpan took) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(image.Preload.Count == 0 ? "nothing" : string.Join(", ", image.Preload))} loaded in {took.TotalSeconds:0.0} s");
}

namespace Faas.Actors.Libraries.Layers;

/// <summary>What a layer may hold.</summary>
/// <param name="MaxFiles"><c>faas.libraries.max-files</c>.</param>
/// <param name="MaxBytes"><c>faas.libraries.max-size</c>.</param>
/// <param name="MaxTotalBytes">Of all layers together, <c>faas.libraries.max-total</c>.</param>
public sealed record LayerLimits(int MaxFiles, long MaxBytes, long MaxTotalBytes = long.MaxValue)
{
    /// <summary>Throws <see cref="LayerException"/> above either limit. A folder counts as a file.</summary>
    public void Check(int files, long bytes)
    {
        if (files > MaxFiles)
        {
            throw new LayerException($"The libraries have more than {MaxFiles} files and folders (faas.libraries.max-files).");
        }

        if (bytes > MaxBytes)
        {
            throw new LayerException($"The libraries have more than {MaxBytes} bytes (faas.libraries.max-size).");
        }
    }
}

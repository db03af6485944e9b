using System.Text;

namespace Faas.Actors.Libraries.Layers;

/// <summary>Names of files in the archive of a layer. A sandbox has written the archive, so each name is checked.</summary>
public static class LayerFileName
{
    private const int LongestPart = 255; // NAME_MAX of Linux
    private const int LongestName = 1024;

    /// <summary>
    /// Throws <see cref="LayerException"/> unless the name is that of a file below the layer's folder, in its shortest form.
    /// </summary>
    public static string Checked(string name)
    {
        var isGood = name.Length is > 0 and <= LongestName
            && !name.Contains('\0', StringComparison.Ordinal)
            && name.Split('/').All(part => part is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(part) <= LongestPart);
        return isGood ? name : throw new LayerException($"'{Shown(name)}' is no name of a file below the layer's folder.");
    }

    private static string Shown(string name) => (name.Length > 100 ? $"{name[..100]}…" : name).Replace('\0', '␀');
}
